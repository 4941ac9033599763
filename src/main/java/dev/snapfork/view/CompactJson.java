package dev.snapfork.view;

/** JSON as PostgreSQL writes it, without the blanks between its parts: those are for people, and the other answers have none. */
final class CompactJson {
    private CompactJson() {}

    /** @param json as PostgreSQL casts it to text: it has no white space but blanks */
    static String of(String json) {
        var compact = new StringBuilder(json.length());
        var quoted = false;
        for (var i = 0; i < json.length(); i++) {
            var character = json.charAt(i);
            if (quoted && character == '\\') {
                // whatever is escaped does not end the text
                compact.append(character);
                i++;
                character = json.charAt(i);
            } else if (character == '"') {
                quoted = !quoted;
            } else if (!quoted && character == ' ') {
                continue;
            }
            compact.append(character);
        }
        return compact.toString();
    }
}
