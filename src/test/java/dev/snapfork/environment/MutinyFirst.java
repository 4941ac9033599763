package dev.snapfork.environment;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has Mutiny look up its services before any test runs. It does so when it is first used, in the thread's context class loader; when
 * that is a plain test's after one of a started service, it is the loader of a service that has ended, whose classes do not fit.
 */
public final class MutinyFirst implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(MutinyFirst.class.getClassLoader());
        try {
            var unused = Infrastructure.getDefaultExecutor();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
