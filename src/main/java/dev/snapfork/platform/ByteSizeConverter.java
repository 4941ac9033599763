package dev.snapfork.platform;

import dev.snapfork.instance.ByteSize;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads sizes such as {@code 4GB} from the configuration. */
public final class ByteSizeConverter implements Converter<ByteSize> {
    private static final long serialVersionUID = 1L;

    @Override
    public ByteSize convert(String value) {
        return ByteSize.parse(value);
    }
}
