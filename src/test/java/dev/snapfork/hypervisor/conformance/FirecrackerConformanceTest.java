package dev.snapfork.hypervisor.conformance;

class FirecrackerConformanceTest extends MonitorConformance {
    FirecrackerConformanceTest() {
        super(StandIn.FIRECRACKER);
    }
}
