package dev.snapfork.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the served document, references in its parameters followed.
 *
 * @param path as the document has it: {@code /snapshots/{snapshotId}}
 * @param parameters those of its path and its own
 * @param body schema of a JSON body; null where it takes none
 * @param statuses what it may be answered with
 */
public record DescribedOperation(
        String method,
        String path,
        List<JsonNode> parameters,
        @Nullable JsonNode body,
        List<String> statuses) {
    public DescribedOperation {
        parameters = List.copyOf(parameters);
        statuses = List.copyOf(statuses);
    }

    /** Its parameters that stand in this place. */
    public List<JsonNode> parametersIn(String place) {
        return parameters.stream()
                .filter(parameter -> parameter.required("in").textValue().equals(place))
                .toList();
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
