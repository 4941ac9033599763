package dev.snapfork.hypervisor.conformance;

class CloudHypervisorVmmTest extends StandInContract {
    CloudHypervisorVmmTest() {
        super(StandIn.CLOUD_HYPERVISOR);
    }
}
