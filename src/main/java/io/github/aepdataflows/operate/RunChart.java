package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a flow between one audit and the next, as bars of a drawing that is {@link #WIDTH} by {@link #HEIGHT}.
 *
 * @param most runs of the highest bar
 */
record RunChart(List<Bar> bars, long most) {

    /** One audit. Heights and places are of the drawing. */
    record Bar(String time, long succeeded, long partial, long failed, int x, int width, int goodY, int goodHeight, int partialY,
            int partialHeight, int failedY, int failedHeight) {

        String words() {
            return "since %s: %d succeeded, %d lost records, %d failed".formatted(time.replaceFirst("[.]\\d+Z", "Z"), succeeded, partial,
                    failed);
        }
    }

    static final int WIDTH = 720;
    static final int HEIGHT = 120;

    private static final int WIDEST = 36;

    /** As in {@code 148 since 2026-11-20T00:00:00Z, 3 failed, 1 lost records}: of all bars together. */
    String words() {
        long failed = bars.stream().mapToLong(Bar::failed).sum();
        long partial = bars.stream().mapToLong(Bar::partial).sum();
        long good = bars.stream().mapToLong(Bar::succeeded).sum();
        return "%s since %s%s%s".formatted(Wording.number(good + partial + failed), bars.get(0).time().replaceFirst("[.]\\d+Z", "Z"),
                failed == 0 ? "" : ", %s failed".formatted(Wording.number(failed)),
                partial == 0 ? "" : ", %s lost records".formatted(Wording.number(partial)));
    }

    /** @param history what the reports say of the flow, the oldest first */
    static RunChart of(List<JsonNode> history) {
        long most = history.stream().mapToLong(flow -> flow.path("runs").path("total").asLong()).max().orElse(0);
        List<Bar> bars = new ArrayList<>();
        int step = history.isEmpty() ? WIDEST : Math.min(WIDEST, WIDTH / history.size());
        for (JsonNode flow : history) {
            JsonNode runs = flow.path("runs");
            long failed = runs.path("failed").asLong();
            long partial = runs.path("partial").asLong();
            long good = runs.path("total").asLong() - failed - partial;
            int goodHeight = height(good, most);
            int partialHeight = height(partial, most);
            int failedHeight = height(failed, most);
            bars.add(new Bar(flow.path("since").asText(), good, partial, failed, bars.size() * step, Math.max(2, step - 3),
                    HEIGHT - goodHeight, goodHeight, HEIGHT - goodHeight - partialHeight, partialHeight,
                    HEIGHT - goodHeight - partialHeight - failedHeight, failedHeight));
        }
        return new RunChart(bars, most);
    }

    private static int height(long runs, long most) {
        return most == 0 ? 0 : (int) (runs * HEIGHT / most);
    }
}
