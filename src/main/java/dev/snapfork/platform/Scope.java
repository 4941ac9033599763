package dev.snapfork.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The permission that a route asks for, {@code snapshot:read} for instance; a route without one is refused to everybody. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Scope {
    /** Marks a route that needs no token. */
    String OPEN = "";

    /** Marks a route that needs a valid token, and asks its {@code SecurityContext} for the scope once it knows which. */
    String ASKED_LATER = "?";

    String value();
}
