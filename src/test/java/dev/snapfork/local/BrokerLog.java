package dev.snapfork.local;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.FileHandler;

/** What the embedded broker and its libraries say, in a file that starts empty. */
final class BrokerLog {
    private BrokerLog() {}

    static void to(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Logger root = LogContext.getLogContext().getLogger("");
        root.setHandlers(new java.util.logging.Handler[] {handler(file)});
        root.setLevel(Level.INFO);
        for (String talkative : new String[] {"org.apache.kafka", "kafka", "state.change.logger"}) {
            LogContext.getLogContext().getLogger(talkative).setLevel(Level.WARN);
        }
    }

    private static FileHandler handler(Path file) throws FileNotFoundException {
        return new FileHandler(
                new PatternFormatter("%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{2.}] %s%e%n"), file.toFile(), false);
    }
}
