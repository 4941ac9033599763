package dev.snapfork.event;

import dev.snapfork.trace.Traces;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Publishers that write to whatever a test gives them in the brokers' place. */
public final class Publishers {
    private Publishers() {}

    /** A channel whose messages are carried by the function. */
    @SuppressWarnings("unchecked")
    public static MutinyEmitter<byte[]> channel(Function<Message<byte[]>, Uni<Void>> carrier) {
        return (MutinyEmitter<byte[]>) Proxy.newProxyInstance(
                Publishers.class.getClassLoader(), new Class<?>[] {MutinyEmitter.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sendMessage")) {
                        return carrier.apply((Message<byte[]>) arguments[0]);
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    public static EventPublisher events(MutinyEmitter<byte[]> channel) {
        return new EventPublisher(channel, Traces.OFF);
    }
}
