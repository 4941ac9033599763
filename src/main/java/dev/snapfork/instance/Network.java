package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** An instance's network; a fork keeps none of the addresses. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Network(
        boolean enabled,
        @Nullable String name,
        @Nullable String ip,
        @Nullable String mac) {}
