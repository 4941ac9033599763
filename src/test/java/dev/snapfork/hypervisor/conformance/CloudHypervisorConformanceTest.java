package dev.snapfork.hypervisor.conformance;

class CloudHypervisorConformanceTest extends MonitorConformance {
    CloudHypervisorConformanceTest() {
        super(StandIn.CLOUD_HYPERVISOR);
    }
}
