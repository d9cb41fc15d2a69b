package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.definition.Document.Unreadable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/**
 * Reads YAML 1.2 event by event: nothing is ever constructed from a tag, and a bomb is found before it goes off.
 * {@code NO}, {@code 12:30} and dates are strings, as in JSON. The merge key of YAML 1.1 is understood, too.
 */
final class YamlSource {

    private static final int MAX_ALIASES = 20;
    private static final Set<String> NOT_IN_JSON = Set.of(".inf", "-.inf", ".nan");

    /** Of what a plain text cannot begin with; that no tab indents, the message itself says. */
    private static final Pattern NO_START = Pattern.compile("found character '([@`%])'");

    private final TreeBuilder tree;
    private final ScalarResolver resolver = new JsonScalarResolver();
    private final Map<Anchor, JsonNode> anchors = new HashMap<>();
    private final Deque<Optional<Anchor>> open = new ArrayDeque<>();
    private int aliases;

    private YamlSource(TreeBuilder tree) {
        this.tree = tree;
    }

    static void parse(String text, TreeBuilder tree) {
        YamlSource source = new YamlSource(tree);
        // in one piece: the reader fails where a piece ends within a character of two parts
        LoadSettings settings = LoadSettings.builder().setBufferSize(text.length() + 1).build();
        try {
            for (Event event : new Parse(settings).parseString(text)) {
                source.accept(event, event.getStartMark().map(YamlSource::line).orElse(0));
            }
        } catch (MarkedYamlEngineException e) {
            throw unreadable(e, text.stripTrailing());
        } catch (YamlEngineException | NumberFormatException e) {   // the latter for an escape such as \UFFFFFFFF
            throw new Unreadable(0, "not valid YAML: " + e.getMessage());
        }
    }

    /** What is not closed is found at the end of the text, and told where it begins. */
    private static Unreadable unreadable(MarkedYamlEngineException e, String text) {
        String context = String.valueOf(e.getContext());
        String problem = String.valueOf(e.getProblem());
        int line = Math.min(e.getProblemMark().map(YamlSource::line).orElse(0), (int) text.lines().count());
        int begin = Math.min(e.getContextMark().map(YamlSource::line).orElse(line), line);
        boolean isAtEnd = e.getProblemMark().filter(mark -> mark.getIndex() >= text.codePointCount(0, text.length())).isPresent();
        Matcher start = NO_START.matcher(problem);
        if (context.endsWith("quoted scalar") && problem.startsWith("found unexpected")) {
            return new Unreadable(begin, "not valid YAML: the quote that begins here is not closed");
        } else if (start.lookingAt()) {
            return new Unreadable(line, "not valid YAML: a text that begins with %s has to be put in quotes".formatted(start.group(1)));
        } else if (context.contains("flow") && begin < line && !isAtEnd) {
            return new Unreadable(line, "not valid YAML: %s, in what begins with a bracket on line %d".formatted(problem, begin));
        }
        return new Unreadable(isAtEnd || context.endsWith("simple key") ? begin : line, "not valid YAML: " + problem);
    }

    private void accept(Event event, int line) {
        switch (event.getEventId()) {
            case DocumentEnd -> {
                tree.endDocument();
                anchors.clear();
            }
            case MappingStart, SequenceStart -> {
                CollectionStartEvent start = (CollectionStartEvent) event;
                refuseTag(start.getTag(), line);
                if (tree.atKey()) {
                    throw new Unreadable(line, "a key must be a plain word");
                }
                open.push(start.getAnchor());
                if (event.getEventId() == Event.ID.MappingStart) {
                    tree.startObject(line);
                } else {
                    tree.startArray(line);
                }
            }
            case MappingEnd, SequenceEnd -> remember(open.pop(), tree.end());
            case Scalar -> scalar((ScalarEvent) event, line);
            case Alias -> alias((AliasEvent) event, line);
            default -> { }
        }
    }

    private void scalar(ScalarEvent event, int line) {
        refuseTag(event.getTag(), line);
        if (tree.atKey() && event.isPlain() && event.getValue().equals("<<")) {
            tree.mergeKey(line);
        } else if (tree.atKey()) {
            tree.key(event.getValue(), line);
        } else {
            JsonNode value = value(event, line);
            tree.value(value, line);
            remember(event.getAnchor(), value);
        }
    }

    private JsonNode value(ScalarEvent event, int line) {
        String text = event.getValue();
        Tag tag = event.isPlain() ? resolver.resolve(text, true) : Tag.STR;
        if (tag.equals(Tag.NULL)) {
            return JsonNodeFactory.instance.nullNode();
        } else if (tag.equals(Tag.BOOL)) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text));
        } else if ((tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) && !NOT_IN_JSON.contains(text)) {
            return tree.number(text, line);
        }
        return JsonNodeFactory.instance.textNode(text);
    }

    private void alias(AliasEvent event, int line) {
        if (++aliases > MAX_ALIASES) {
            throw new Unreadable(line, "more than %d aliases; write the values out".formatted(MAX_ALIASES));
        }
        JsonNode target = anchors.get(event.getAlias());
        if (target == null || tree.atKey()) {
            throw new Unreadable(line, "the alias *%s stands for nothing that was defined before"
                    .formatted(Excerpt.of(event.getAlias().toString())));
        }
        tree.value(target.deepCopy(), line);
    }

    private void remember(Optional<Anchor> anchor, JsonNode value) {
        anchor.ifPresent(name -> anchors.put(name, value));
    }

    private void refuseTag(Optional<String> tag, int line) {
        tag.ifPresent(name -> tree.fault(line, "YAML tags such as %s are not allowed; leave the tag out".formatted(Excerpt.of(name))));
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }
}
