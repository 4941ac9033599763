package dev.snapfork.api;

import dev.snapfork.environment.EnvironmentResource;
import io.quarkus.test.common.QuarkusTestResource;

/** Gives all tests here one and the same running service: a resource of a single class would start one of its own. */
@QuarkusTestResource(EnvironmentResource.class)
final class SharedService {
    private SharedService() {}
}
