package io.github.aepdataflows.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts, however they are spelled: as they are, percent-encoded, with HTML entities, with the escapes of JSON, in
 * Base64, in hexadecimal digits, or in one of these within another. Time is in proportion to the length of a text. Many threads use it
 * at once.
 *
 * <p>A text loses any 8 bytes in a row of a secret of 16 bytes or more, and any 6 of a shorter one: a secret that somebody has cut shows
 * less than that. A secret of fewer than 6 bytes is removed as a whole, one of fewer than 4 only where neither a letter nor a digit stands
 * beside it. A success is needed as it is: it loses whole secrets of 8 bytes or more only.
 */
final class Redaction {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MASK = "***";
    /** Tokens that we do not know, too. */
    private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer\\s++)[A-Za-z0-9._~+/=-]{8,}+");
    private static final int MOST_SECRETS = 500;
    /** So many bytes of a secret in a row count as the whole. */
    private static final int WHOLE = 512;
    private static final int BLOCK = 64 * 1024;
    /** Longer than a whole secret in any spelling. */
    private static final int OVERLAP = 16 * WHOLE;
    private static final int MOST_CAUSES = 20;
    /** How many escapes can lie one within the other. */
    private static final int ROUNDS = 4;

    private final Collection<String> ours;
    /** Each with whether a success loses it; the one that was used longest ago is forgotten first. */
    private final Map<String, Boolean> learnt = new LinkedHashMap<>(16, 0.75f, true);
    private volatile Pieces parts;
    private volatile Pieces wholes;

    /** @param ours never forgotten */
    Redaction(Collection<String> ours) {
        this.ours = ours;
        lookForAll();
    }

    /** @param inSuccesses whether a success must not show it, either: it cannot be the name of a table, for example */
    synchronized void learn(String secret, boolean inSuccesses) {
        Boolean before = learnt.get(secret);
        if (before == null || inSuccesses && !before) {
            learnt.put(secret, inSuccesses);
            if (learnt.size() > MOST_SECRETS) {
                learnt.remove(learnt.keySet().iterator().next());
            }
            lookForAll();
        }
    }

    private void lookForAll() {
        Pieces allParts = new Pieces();
        Pieces allWholes = new Pieces();
        ours.forEach(secret -> allParts.add(secret, false));
        ours.forEach(secret -> allWholes.add(secret, true));
        learnt.forEach((secret, inSuccesses) -> {
            allParts.add(secret, false);
            if (inSuccesses) {
                allWholes.add(secret, true);
            }
        });
        parts = allParts;
        wholes = allWholes;
    }

    /** The text with {@code ***} in the place of secrets and of their parts. */
    String in(String text) {
        return BEARER.matcher(masked(text, parts)).replaceAll("$1" + MASK);
    }

    /** The cause of a failure to speak of; null when it, or what caused it, quotes a secret. */
    Throwable cause(Throwable cause) {
        Throwable each = cause;
        for (int depth = 0; each != null && depth < MOST_CAUSES; depth++) {
            String text = each.toString();
            if (each.getSuppressed().length > 0 || !in(text).equals(text)) {
                return null;
            }
            each = each.getCause();
        }
        return each == null ? cause : null;
    }

    /** The body of a success without whole secrets; the same array when there are none. */
    byte[] inSuccess(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        BitSet found = wholes.findIn(text);
        if (found.isEmpty()) {
            return body;
        }
        try {
            return JSON.writeValueAsBytes(withoutWholes(JSON.readTree(text)));
        } catch (JsonProcessingException e) {
            return masked(text, found).getBytes(StandardCharsets.UTF_8);
        }
    }

    private JsonNode withoutWholes(JsonNode node) {
        if (node.isTextual()) {
            return TextNode.valueOf(masked(node.asText(), wholes));
        } else if (node.isObject()) {
            ObjectNode rest = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> rest.set(masked(field.getKey(), wholes), withoutWholes(field.getValue())));
            return rest;
        } else if (node.isArray()) {
            ArrayNode rest = JsonNodeFactory.instance.arrayNode();
            node.forEach(each -> rest.add(withoutWholes(each)));
            return rest;
        }
        return node;
    }

    private static String masked(String text, Pieces pieces) {
        return masked(text, pieces.findIn(text));
    }

    private static String masked(String text, BitSet found) {
        StringBuilder rest = new StringBuilder();
        int from = 0;
        for (int at = found.nextSetBit(0); at >= 0; at = found.nextSetBit(from)) {
            rest.append(text, from, at).append(MASK);
            from = found.nextClearBit(at);
        }
        return from == 0 ? text : rest.append(text, from, text.length()).toString();
    }

    /** What to look for: pieces of secrets, each of up to 8 bytes in a long, and how many of them in a row make a find. */
    private static final class Pieces {

        private final Map<Integer, Map<Long, Integer>> inARow = new LinkedHashMap<>();
        /** Tells of most pieces at once that they are none of ours. */
        private final BitSet sieve = new BitSet(1 << 16);
        private final int[] lengths = new int[8];
        private int lengthsUsed;
        private int shortest = Integer.MAX_VALUE / 8;

        private static int length(int bytes) {
            return bytes >= 16 ? 8 : Math.min(bytes, 6);
        }

        void add(String secret, boolean whole) {
            byte[] utf8 = secret.getBytes(StandardCharsets.UTF_8);
            add(utf8, whole);
            add(secret.getBytes(StandardCharsets.ISO_8859_1), whole);   // an older server may percent-encode this
            View read = View.of(secret, 0, secret.length());   // what a server makes of it that reads it as an escape
            for (int round = 0; round < ROUNDS; round++) {
                read = Optional.ofNullable(read.unescaped()).orElse(read);
            }
            add(read.content(), whole);
        }

        private void add(byte[] secret, boolean whole) {
            int length = whole ? 8 : length(secret.length);
            int needed = whole ? Math.min(secret.length, WHOLE) - length + 1 : 1;
            if (needed < 1 || length == 0) {
                return;
            }
            Map<Long, Integer> known = inARow.computeIfAbsent(length, key -> {
                lengths[lengthsUsed++] = length;
                return new LinkedHashMap<>();
            });
            for (int at = 0; at + length <= secret.length; at++) {
                long piece = piece(secret, at, length);
                known.merge(piece, needed, Math::min);
                sieve.set(hash(piece));
            }
            shortest = Math.min(shortest, length + needed - 1);
        }

        private static long piece(byte[] bytes, int at, int length) {
            long piece = 0;
            for (int i = at; i < at + length; i++) {
                piece = piece << 8 | folded(bytes[i]);
            }
            return piece;
        }

        /** A form has a plus for a blank. */
        private static int folded(byte one) {
            return one == '+' ? ' ' : one & 0xff;
        }

        private static int hash(long piece) {
            return (int) (piece * 0x9E3779B97F4A7C15L >>> 48);
        }

        BitSet findIn(String text) {
            BitSet found = new BitSet();
            for (int at = 0; at < text.length() && lengthsUsed > 0; at += BLOCK) {
                find(View.of(text, at, Math.min(text.length(), at + BLOCK + OVERLAP)), true, found);
            }
            return found;
        }

        private void find(View text, boolean mayBeCoded, BitSet found) {
            View view = text;
            for (int round = 0; view != null && view.length > 0 && round <= ROUNDS; round++) {
                scan(view, mayBeCoded, found);
                if (mayBeCoded) {
                    find(view.decoded(View.BASE64, 6, shortest), false, found);
                    find(view.decoded(View.HEX, 4, shortest), false, found);
                }
                view = view.unescaped();
            }
        }

        private void scan(View view, boolean isText, BitSet found) {
            int[] row = new int[9];
            int[] marked = new int[9];
            long window = 0;
            for (int i = 0; i < view.length; i++) {
                window = window << 8 | folded(view.bytes[i]);
                for (int used = 0; used < lengthsUsed; used++) {
                    int length = lengths[used];
                    long piece = length == 8 ? window : window & (1L << 8 * length) - 1;
                    int needed = i + 1 >= length && sieve.get(hash(piece)) ? inARow.get(length).getOrDefault(piece, 0) : 0;
                    row[length] = needed == 0 ? 0 : row[length] + 1;
                    if (needed > 0 && row[length] >= needed && (length > 3 || isText && view.standsAlone(i - length + 1, i + 1))) {
                        for (int at = Math.max(marked[length], i - length - needed + 2); at <= i; at++) {
                            found.set(view.from[at], view.to[at]);
                        }
                        marked[length] = i + 1;
                    }
                }
            }
        }
    }
}
