package io.github.aepdataflows.settings;

import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.util.TimeUtils;

/**
 * {@code {{aep-millis:aep.redelivery.delay}}}: a duration setting in milliseconds, for the places where Camel takes
 * nothing else. A redelivery policy of an onException is one.
 */
final class MillisFunction implements PropertiesFunction {

    @Override
    public String getName() {
        return "aep-millis";
    }

    @Override
    public boolean lookupFirst(String remainder) {
        return true;
    }

    @Override
    public String apply(String duration) {
        return String.valueOf(TimeUtils.toMilliSeconds(duration.strip()));
    }
}
