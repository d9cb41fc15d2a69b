package io.github.aepdataflows.definition;

import java.util.regex.Pattern;

/** The {@code auth.params} of a base connection. */
public final class AuthParams {

    private static final Pattern SECRET =
            Pattern.compile("(?i).*(password|passphrase|secret|token|key|connectionString|sasUri|credential).*");

    private AuthParams() {
    }

    /** Whether the value of a parameter of that name gives access to something. In doubt, it does. */
    public static boolean isSecret(String parameter) {
        return SECRET.matcher(parameter).matches();
    }
}
