package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A document as YAML 1.2 in the manner of the examples: what is small stands on one line. */
public final class YamlText {

    private static final int DEEP = 4;
    private static final int FEW = 8;
    private static final int SHORT = 160;
    private static final int WIDE = 4096;   // longer than any of our values: nothing is folded

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cf}\\x7f-\\x9f\\u2028\\u2029]");

    private YamlText() {
    }

    public static String of(JsonNode document) {
        StringWriter text = new StringWriter();
        boolean isVisible = !UNSEEN.matcher(document.toString()).find();   // else all that is not ASCII is escaped
        DumpSettings settings = DumpSettings.builder().setUseUnicodeEncoding(isVisible).setWidth(WIDE)
                .setIndent(2).setIndicatorIndent(2).setIndentWithIndicator(true).build();
        new Dump(settings).dumpNode(node(document, 0), new StreamDataWriter() {
            @Override
            public void write(String part) {
                text.write(part);
            }

            @Override
            public void write(String part, int offset, int length) {
                text.write(part, offset, length);
            }
        });
        return text.toString();
    }

    private static Node node(JsonNode value, int depth) {
        if (value.isObject()) {
            List<NodeTuple> fields = new ArrayList<>();
            value.properties()
                    .forEach(field -> fields.add(new NodeTuple(scalar(Tag.STR, field.getKey()), node(field.getValue(), depth + 1))));
            return new MappingNode(Tag.MAP, fields, isSmall(value, depth) ? FlowStyle.FLOW : FlowStyle.BLOCK);
        } else if (value.isArray()) {
            List<Node> elements = value.valueStream().map(element -> node(element, depth + 1)).toList();
            return new SequenceNode(Tag.SEQ, elements, depth > DEEP && isFlat(value) ? FlowStyle.FLOW : FlowStyle.BLOCK);
        } else if (value.isNumber()) {
            return scalar(value.isIntegralNumber() ? Tag.INT : Tag.FLOAT, value.asText());
        } else if (value.isBoolean()) {
            return scalar(Tag.BOOL, value.asText());
        }
        return value.isNull() ? scalar(Tag.NULL, "null") : scalar(Tag.STR, value.asText());
    }

    /** What stands deep enough, and has little in it, and no list. */
    private static boolean isSmall(JsonNode object, int depth) {
        boolean isShort = object.valueStream().noneMatch(JsonNode::isArray)
                && object.toString().length() <= SHORT;
        return depth > 1 && (isShort || isFlat(object) && object.size() <= FEW) || object.isEmpty();
    }

    private static boolean isFlat(JsonNode container) {
        return container.valueStream().allMatch(JsonNode::isValueNode);
    }

    private static Node scalar(Tag tag, String text) {
        return new ScalarNode(tag, text, text.contains("\n") ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN);   // on one line, too
    }
}
