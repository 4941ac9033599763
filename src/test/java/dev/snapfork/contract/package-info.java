/**
 * Checks of what is sent against two contracts: that of the upstream, whose clients must not notice the difference, and the OpenAPI
 * document that is served. For use by tests of every other package; nothing here starts or calls the service.
 */
@NullMarked
package dev.snapfork.contract;

import org.jspecify.annotations.NullMarked;
