/**
 * Vocabulary: the machines. Instances, their states and policies, and the rules that need nothing but those. The JDK only,
 * with Jackson's annotations: a record's JSON is the body that the REST API and the events carry.
 */
@NullMarked
package dev.snapfork.instance;

import org.jspecify.annotations.NullMarked;
