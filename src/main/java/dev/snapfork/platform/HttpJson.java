package dev.snapfork.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.snapfork.log.WireJson;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** Bodies are written in the same dialect as the logs. */
@Singleton
class HttpJson implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        WireJson.configure(mapper);
    }
}
