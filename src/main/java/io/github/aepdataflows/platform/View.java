package io.github.aepdataflows.platform;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.translate.EntityArrays;

/** A text in one reading, as UTF-8, with the place of each byte in the text as it was written. */
final class View {

    /** The six bits of each digit, or -1; of both alphabets. */
    static final byte[] BASE64 = digits("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "-_", 62);
    static final byte[] HEX = digits("0123456789abcdef", "ABCDEF", 10);

    private static final String ESCAPED = "bfnrt\"\\/'";
    private static final String MEANT = "\b\f\n\r\t\"\\/'";
    private static final int LONGEST_NAME = 12;
    private static final Map<String, Integer> ENTITIES = entities();

    final byte[] bytes;
    final int[] from;
    final int[] to;
    int length;

    private View(int capacity) {
        bytes = new byte[capacity];
        from = new int[capacity];
        to = new int[capacity];
    }

    /** The text as it is, from one place to another. */
    static View of(String text, int begin, int end) {
        View view = new View(4 + (int) text.substring(begin, end).chars().mapToLong(letter -> letter < 0x80 ? 1 : 3).sum());
        for (int at = begin; at < end;) {
            int codePoint = text.codePointAt(at);
            int next = at + Character.charCount(codePoint);
            view.addCodePoint(codePoint, at, next);
            at = next;
        }
        return view;
    }

    byte[] content() {
        return Arrays.copyOf(bytes, length);
    }

    boolean standsAlone(int begin, int end) {
        return (begin == 0 || !isOfWord(bytes[begin - 1])) && (end == length || !isOfWord(bytes[end]));
    }

    private static boolean isOfWord(byte one) {
        return one < 0 || Character.isLetterOrDigit(one);
    }

    /** With all escapes replaced once by what they stand for; null when there are none. */
    View unescaped() {
        if (!hasEscapes()) {
            return null;
        }
        View read = new View(length);
        for (int at = 0; at < length;) {
            int next = switch (bytes[at]) {
                case '%' -> percent(at, read);
                case '&' -> entity(at, read);
                case '\\' -> escape(at, read);
                default -> at;
            };
            if (next == at) {
                read.add(bytes[at], from[at], to[at]);
                next++;
            }
            at = next;
        }
        return read.length == length ? null : read;
    }

    private boolean hasEscapes() {
        for (int at = 0; at < length; at++) {
            if (bytes[at] == '%' || bytes[at] == '&' || bytes[at] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** %2B and %u002B. */
    private int percent(int at, View read) {
        int one = hex(at + 1, 2);
        if (one >= 0) {
            read.add((byte) one, from[at], to[at + 2]);
            return at + 3;
        }
        int codePoint = is(at + 1, 'u') ? hex(at + 2, 4) : -1;
        return codePoint < 0 ? at : read.addCodePoint(codePoint, from[at], to[at + 5], at + 6);
    }

    /** &amp;amp; and &amp;#038; and &amp;#x26; */
    private int entity(int at, View read) {
        int end = at + 1;
        if (is(end, '#')) {
            boolean hex = is(end + 1, 'x') || is(end + 1, 'X');
            int begin = hex ? end + 2 : end + 1;
            int base = hex ? 16 : 10;
            int codePoint = 0;
            for (end = begin; end < length && digit(bytes[end], base) >= 0; end++) {
                codePoint = Math.min(codePoint * base + digit(bytes[end], base), Character.MAX_CODE_POINT);
            }
            int next = is(end, ';') ? end + 1 : end;
            return end == begin ? at : read.addCodePoint(codePoint, from[at], to[next - 1], next);
        }
        while (end < length && end - at < LONGEST_NAME && Character.isLetterOrDigit(bytes[end])) {
            end++;
        }
        Integer codePoint = is(end, ';') ? ENTITIES.get(new String(bytes, at + 1, end - at - 1, StandardCharsets.ISO_8859_1)) : null;
        return codePoint == null ? at : read.addCodePoint(codePoint, from[at], to[end], end + 1);
    }

    /** The escapes of JSON, and those that JavaScript has beside them. */
    private int escape(int at, View read) {
        int meant = at + 1 < length ? ESCAPED.indexOf(bytes[at + 1]) : -1;
        if (meant >= 0) {
            return read.addCodePoint(MEANT.charAt(meant), from[at], to[at + 1], at + 2);
        }
        int digits = is(at + 1, 'u') ? 4 : is(at + 1, 'x') ? 2 : 0;
        int codePoint = digits == 0 ? -1 : hex(at + 2, digits);
        if (codePoint < 0) {
            return at;
        }
        int end = at + 2 + digits;
        int second = digits == 4 && is(end, '\\') && is(end + 1, 'u') ? hex(end + 2, 4) : -1;
        if (second >= 0 && Character.isSurrogatePair((char) codePoint, (char) second)) {
            return read.addCodePoint(Character.toCodePoint((char) codePoint, (char) second), from[at], to[end + 5], end + 6);
        }
        return read.addCodePoint(codePoint, from[at], to[end - 1], end);
    }

    /**
     * What digits, such as those of Base64, stand for: each row of them as often as it can be read, from its first digit, its second and so
     * on, because something else may stand before them. A zero lies between two readings.
     *
     * @param values the bits of each digit, -1 for no digit
     * @param bits   how many of them
     * @param fewest shorter rows, counted in bytes, are left out
     */
    View decoded(byte[] values, int bits, int fewest) {
        int[] rows = new int[length / 2 + 2];
        int used = 0;
        int capacity = 0;
        for (int at = 0; at < length; at++) {
            int begin = at;
            while (at < length && (isDigit(at, values) || isLineBreak(at) && at > begin)) {
                at++;
            }
            if ((at - begin) * bits >= fewest * 8) {
                rows[used++] = begin;
                rows[used++] = at;
                capacity += (at - begin + 2) * (8 / bits + 3);
            }
        }
        View read = new View(capacity);
        for (int row = 0; row < used; row += 2) {
            for (int skip = 0; skip < (bits == 6 ? 4 : 2); skip++) {
                decode(values, bits, rows[row] + skip, rows[row + 1], read);
            }
        }
        return read;
    }

    private void decode(byte[] values, int bits, int begin, int end, View read) {
        int rest = 0;
        int buffer = 0;
        int last = begin;
        for (int at = begin; at < end; at++) {
            if (isDigit(at, values)) {
                buffer = buffer << bits | values[bytes[at]];
                rest += bits;
                if (rest >= 8) {
                    rest -= 8;
                    read.add((byte) (buffer >> rest), from[last], to[at]);
                }
                last = at;
            }
        }
        read.add((byte) 0, 0, 0);
    }

    private boolean isDigit(int at, byte[] values) {
        return bytes[at] >= 0 && values[bytes[at]] >= 0;
    }

    /** Base64 in a mail is broken into lines. */
    private boolean isLineBreak(int at) {
        return bytes[at] == '\n' || bytes[at] == '\r';
    }

    private void add(byte one, int begin, int end) {
        bytes[length] = one;
        from[length] = begin;
        to[length++] = end;
    }

    private int addCodePoint(int codePoint, int begin, int end, int next) {
        addCodePoint(codePoint, begin, end);
        return next;
    }

    private void addCodePoint(int codePoint, int begin, int end) {
        if (codePoint < 0x80) {
            add((byte) codePoint, begin, end);
        } else {
            int more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
            add((byte) (0xff00 >> more + 1 | codePoint >> 6 * more), begin, end);
            for (int left = more - 1; left >= 0; left--) {
                add((byte) (0x80 | codePoint >> 6 * left & 0x3f), begin, end);
            }
        }
    }

    private boolean is(int at, char expected) {
        return at < length && bytes[at] == expected;
    }

    /** The number of so many digits; -1 when they are none. */
    private int hex(int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = i < length ? digit(bytes[i], 16) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number << 4 | digit;
        }
        return number;
    }

    private static int digit(byte one, int base) {
        int digit = one < 0 ? -1 : HEX[one];
        return digit < base ? digit : -1;
    }

    private static byte[] digits(String alphabet, String others, int firstOther) {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        for (int i = 0; i < others.length(); i++) {
            values[others.charAt(i)] = (byte) (firstOther + i);
        }
        return values;
    }

    private static Map<String, Integer> entities() {
        Map<String, Integer> entities = new HashMap<>();
        for (Map<CharSequence, CharSequence> each : List.of(EntityArrays.BASIC_UNESCAPE, EntityArrays.APOS_UNESCAPE,
                EntityArrays.ISO8859_1_UNESCAPE, EntityArrays.HTML40_EXTENDED_UNESCAPE)) {
            each.forEach((entity, meant) -> entities.put(entity.subSequence(1, entity.length() - 1).toString(), (int) meant.charAt(0)));
        }
        String[] marks = ("excl ! num # dollar $ percnt % lpar ( rpar ) ast * plus + comma , period . sol / colon : semi ; equals = "
                + "quest ? commat @ lsqb [ lbrack [ bsol \\ rsqb ] rbrack ] Hat ^ lowbar _ UnderBar _ grave ` lcub { lbrace { "
                + "verbar | vert | rcub } rbrace }").split(" ");
        for (int i = 0; i < marks.length; i += 2) {
            entities.put(marks[i], (int) marks[i + 1].charAt(0));
        }
        entities.putAll(Map.of("Tab", (int) '\t', "NewLine", (int) '\n'));
        return entities;
    }
}
