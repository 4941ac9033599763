package dev.snapfork.worker;

import dev.snapfork.fault.Faults;
import dev.snapfork.fault.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Notes the steps of one run and does something at one of them. */
final class Steps implements Faults {
    private final List<Step> passed = new ArrayList<>();
    private final int fatal;
    private final Happening happening;

    interface Happening {
        void at(Step step) throws IOException;
    }

    private Steps(int fatal, Happening happening) {
        this.fatal = fatal;
        this.happening = happening;
    }

    /** Only notes them. */
    static Steps noted() {
        return new Steps(-1, step -> {});
    }

    /** @param index of all steps that are passed, from 0 */
    static Steps at(int index, Happening happening) {
        return new Steps(index, happening);
    }

    @Override
    public void at(Step step) throws IOException {
        int index;
        synchronized (passed) {
            index = passed.size();
            passed.add(step);
        }
        if (index == fatal) {
            happening.at(step);
        }
    }

    List<Step> passed() {
        synchronized (passed) {
            return List.copyOf(passed);
        }
    }
}
