package dev.snapfork.event;

import io.smallrye.reactive.messaging.MutinyEmitter;
import java.lang.reflect.Proxy;

/** Channels that lead nowhere. */
public final class Emitters {
    private Emitters() {}

    /** One that nobody may send to. */
    @SuppressWarnings("unchecked")
    public static MutinyEmitter<byte[]> unused() {
        return (MutinyEmitter<byte[]>) Proxy.newProxyInstance(
                Emitters.class.getClassLoader(), new Class<?>[] {MutinyEmitter.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
