package dev.snapfork.hypervisor;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A host whose machines are objects. They outlive the drivers, as processes do, and not this. */
public final class InMemoryHost {
    /** Above what the kernel gives to processes, so that none is taken for one. */
    private static final long FIRST_NUMBER = 1L << 32;

    private static final String BOOT = "in memory";

    private final AtomicLong numbers = new AtomicLong(FIRST_NUMBER);
    private final Map<Long, InMemoryMachine> machines = new ConcurrentHashMap<>();
    private final Map<Call, Trouble> troubles = new EnumMap<>(Call.class);

    /** What a driver is called for. */
    public enum Call {
        BOOT,
        LOAD,
        PAUSE,
        SAVE,
        RESUME,
        KILL
    }

    /** What goes wrong with it. */
    public enum Trouble {
        /** The monitor does not do it, and says so; a process that is ended stays. */
        REFUSE,
        /** The monitor's process ends in the middle of it. */
        DIE
    }

    /** The next such call goes wrong, and no other. */
    public synchronized void let(Call call, Trouble trouble) {
        troubles.put(call, trouble);
    }

    synchronized Optional<Trouble> trouble(Call call) {
        return Optional.ofNullable(troubles.remove(call));
    }

    /** Whether a machine with that label is there. */
    public boolean isAnybody(String label) {
        return machines.values().stream()
                .anyMatch(machine -> machine.record().home().label().equals(label));
    }

    /** The machine's monitor answers nobody any more. */
    public void freeze(RunningMachine machine) {
        find(machine).orElseThrow().freeze();
    }

    /** All that there are. */
    public Collection<RunningMachine> machines() {
        return machines.values().stream().map(InMemoryMachine::record).toList();
    }

    RunningMachine add(InMemoryMachine.Made made) {
        var number = numbers.getAndIncrement();
        var record = new RunningMachine(number, number, BOOT, made.memory().isInItsFile(), made.profile(), made.home());
        machines.put(number, new InMemoryMachine(record, made));
        return record;
    }

    Optional<InMemoryMachine> find(RunningMachine record) {
        return Optional.ofNullable(machines.get(record.pid()))
                .filter(machine -> machine.record().startTicks() == record.startTicks()
                        && machine.record().boot().equals(record.boot()));
    }

    void remove(InMemoryMachine machine) {
        machines.remove(machine.record().pid());
    }
}
