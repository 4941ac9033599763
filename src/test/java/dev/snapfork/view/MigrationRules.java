package dev.snapfork.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a migration must not do, because processes of the version before it go on with the same database while it is updated. */
final class MigrationRules {
    private static final Pattern COMMENT = Pattern.compile("--[^\n]*|(?s)/\\*.*?\\*/");
    private static final Pattern TEXT = Pattern.compile("'(?:[^']|'')*'");
    private static final Pattern MADE = Pattern.compile("create table (?:if not exists )?(\\S+)");
    private static final Pattern TABLE = Pattern.compile(
            "^(?:alter table (?:only |if exists )*(\\S+)"
                    + "|create unique index (?:\\S+ )*?on (?:only )?(\\S+)|create (?:or replace )?(?:rule|(?:constraint )?trigger) .*? on (\\S+)).*");
    private static final Pattern ADDED =
            Pattern.compile("\\badd (?:column )?(?:if not exists )?(?!constraint\\b|primary\\b"
                    + "|unique\\b|check\\b|foreign\\b|exclude\\b)([^,()]*(?:\\([^()]*\\)[^,()]*)*)");

    private record Rule(Pattern pattern, String reason) {
        Rule(String pattern, String reason) {
            this(Pattern.compile(pattern), reason);
        }
    }

    private static final List<Rule> RULES = List.of(
            new Rule("\\brename\\b", "renames what the version before asks for by its name"),
            new Rule("^drop (?!index\\b)", "drops what the version before may ask for"),
            new Rule("\\bdrop (?!not null\\b)(?!index\\b)", "drops what the version before may ask for"),
            new Rule("\\bset not null\\b", "the version before may write null there"),
            new Rule(
                    "\\balter (?:column )?\\S+ (?:set data )?type\\b",
                    "the version before reads and writes the type that it knows"),
            new Rule(
                    "\\badd (?:constraint|primary|unique|check|foreign|exclude)\\b",
                    "the version before does not keep to a new constraint"),
            new Rule("^create unique index\\b", "the version before does not keep to a new constraint"),
            // one that comes after a row leaves that as it was written
            new Rule(
                    "^create (?:or replace )?(?:rule\\b|constraint trigger\\b|trigger (?!\\S+ after\\b))",
                    "changes what statements of the version before do"),
            new Rule("^truncate\\b", "removes what the version before relies on"),
            new Rule("^revoke\\b", "takes a right from the version before"));

    private MigrationRules() {}

    /** What is wrong with a migration, each with its statement; tables that it makes itself are its own affair. */
    static List<String> problems(String sql) {
        var statements = statements(sql);
        var made = statements.stream()
                .map(MADE::matcher)
                .filter(match -> match.lookingAt())
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        var problems = new ArrayList<String>();
        for (var statement : statements) {
            var table = TABLE.matcher(statement);
            if (table.matches() && made.contains(named(table))) {
                continue;
            }
            if (statement.startsWith("create table")
                    || statement.startsWith("insert")
                    || statement.startsWith("update")) {
                continue;
            }
            RULES.stream()
                    .filter(rule -> rule.pattern().matcher(statement).find())
                    .findFirst()
                    .ifPresent(rule -> problems.add(rule.reason() + ": " + statement));
            if (statement.startsWith("alter table")) {
                ADDED.matcher(statement)
                        .results()
                        .map(column -> column.group(1))
                        .filter(column -> !isHarmless(column))
                        .forEach(column -> problems.add("the version before does not fill the new column: " + column));
            }
        }
        return problems;
    }

    private static String named(java.util.regex.Matcher table) {
        for (var group = 1; group <= table.groupCount(); group++) {
            if (table.group(group) != null) {
                return table.group(group);
            }
        }
        throw new IllegalStateException(table.toString());
    }

    private static boolean isHarmless(String column) {
        var filled = column.contains(" default ") || column.contains(" generated ");
        return (filled || (!column.contains(" not null") && !column.contains(" primary key")))
                && !Pattern.compile(" (?:unique|references|check)\\b")
                        .matcher(column)
                        .find();
    }

    /** In lower case, with single spaces, without comments; texts are empty. */
    private static List<String> statements(String sql) {
        var bare = TEXT.matcher(COMMENT.matcher(sql).replaceAll(" ")).replaceAll("''");
        return Pattern.compile(";")
                .splitAsStream(bare)
                .map(statement -> statement
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("\\s+", " ")
                        .strip())
                .filter(statement -> !statement.isEmpty())
                .toList();
    }
}
