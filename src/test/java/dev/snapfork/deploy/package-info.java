/**
 * What is deployed, held against what is true: the manifests in {@code k8s/} are rendered and read by strict models, and compared
 * with the code and with each other; so are the image and the Compose file. Nothing here starts anything.
 */
@NullMarked
package dev.snapfork.deploy;

import org.jspecify.annotations.NullMarked;
