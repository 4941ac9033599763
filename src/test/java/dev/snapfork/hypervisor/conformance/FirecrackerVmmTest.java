package dev.snapfork.hypervisor.conformance;

class FirecrackerVmmTest extends StandInContract {
    FirecrackerVmmTest() {
        super(StandIn.FIRECRACKER);
    }

    /** What is loaded maps the file privately, a new machine's memory is the process's: saving always writes all of it. */
    @Override
    protected boolean hasMemoryOfItsOwn() {
        return false;
    }
}
