package io.github.aepdataflows.settings;

/** Settings are missing or unsafe; the message names all of them, a line each. */
public final class SettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
