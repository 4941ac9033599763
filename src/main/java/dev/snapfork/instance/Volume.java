package dev.snapfork.instance;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** A volume attached to an instance. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Volume(
        String volumeId,
        String mountPath,
        boolean readonly,
        boolean overlay,
        @Nullable ByteSize overlaySize) {}
