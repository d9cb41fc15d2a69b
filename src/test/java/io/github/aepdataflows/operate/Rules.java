package io.github.aepdataflows.operate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of PromQL as the alert rules use, over two scrapes that are taken to be so many seconds apart. */
record Rules(String before, String after, double seconds) {

    private static final Pattern CLAUSE = Pattern.compile("(.+) (==|>) ([0-9.]+)");
    private static final Pattern SUM = Pattern.compile("sum by \\([a-z, ]+\\) \\((.+)\\)");
    private static final Pattern RANGE = Pattern.compile("(increase|rate)\\((.+)\\[[0-9]+m]\\)");
    private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)(?:\\{(.*)})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(=~|=)\"([^\"]*)\"");

    boolean holds(String expression) {
        for (String clause : expression.split(" and ")) {
            Matcher parts = CLAUSE.matcher(clause);
            if (!parts.matches()) {
                throw new IllegalArgumentException(clause);
            }
            double number = Double.parseDouble(parts.group(3));
            if (values(parts.group(1)).stream().noneMatch(value -> parts.group(2).equals("==") ? value == number : value > number)) {
                return false;
            }
        }
        return true;
    }

    private List<Double> values(String expression) {
        Matcher sum = SUM.matcher(expression);
        Matcher range = RANGE.matcher(expression);
        if (expression.contains(" / ")) {
            String[] sides = expression.split(" / ");
            return List.of(values(sides[0]).get(0) / values(sides[1]).get(0));
        } else if (sum.matches()) {
            List<Double> all = values(sum.group(1));
            return all.isEmpty() ? List.of() : List.of(all.stream().mapToDouble(Double::doubleValue).sum());
        } else if (range.matches()) {
            Map<String, Double> earlier = series(before, range.group(2));
            List<Double> growth = new ArrayList<>();
            series(after, range.group(2)).forEach((labels, value) -> growth.add((value - earlier.getOrDefault(labels, 0.0))
                    / (range.group(1).equals("rate") ? seconds : 1)));
            return growth;
        }
        return List.copyOf(series(after, expression).values());
    }

    /** The series of a scrape that a selector names, by their labels. */
    private static Map<String, Double> series(String scrape, String selector) {
        Matcher parts = SELECTOR.matcher(selector);
        if (!parts.matches()) {
            throw new IllegalArgumentException(selector);
        }
        Map<String, Double> found = new HashMap<>();
        for (String line : scrape.lines().filter(one -> one.matches(parts.group(1) + "[{ ].*")).toList()) {
            String labels = line.substring(parts.group(1).length(), line.lastIndexOf(' '));
            Matcher wanted = LABEL.matcher(parts.group(2) == null ? "" : parts.group(2));
            boolean isMeant = true;
            while (wanted.find()) {
                Matcher own = Pattern.compile(wanted.group(1) + "=\"([^\"]*)\"").matcher(labels);
                isMeant &= own.find() && (wanted.group(2).equals("=") ? own.group(1).equals(wanted.group(3))
                        : own.group(1).matches(wanted.group(3)));
            }
            if (isMeant) {
                found.put(labels, Double.parseDouble(line.substring(line.lastIndexOf(' '))));
            }
        }
        return found;
    }
}
