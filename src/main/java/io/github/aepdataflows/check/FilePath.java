package io.github.aepdataflows.check;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;

/** What the path of a source of files means: a file, a folder, or the files whose names match a pattern. */
record FilePath(String path) {

    static final String ROOT = "/";

    FilePath {
        path = withoutSlash(path);
    }

    static String withoutSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    boolean hasWildcards() {
        return path.contains("*") || path.contains("?");
    }

    /** Whether it has an ending, as files do that come some day; a folder is there first. */
    boolean looksLikeFile() {
        return name(path).contains(".");
    }

    /** The folder that it lies in; of a pattern, the last one without wildcards. */
    String folder() {
        int wildcard = Math.min(indexOf('*'), indexOf('?'));
        int end = path.substring(0, wildcard).lastIndexOf('/');
        return end > 0 ? path.substring(0, end) : ROOT;
    }

    /** Whether that folder is all that there is. */
    static boolean isRoot(String folder) {
        return folder.equals(ROOT);
    }

    private int indexOf(char wildcard) {
        int index = path.indexOf(wildcard);
        return index < 0 ? path.length() : index;
    }

    /** Whether a file of its folder is meant. Markers and hidden files, as {@code _SUCCESS}, never are. */
    boolean means(String file) {
        String name = name(file);
        PathMatcher pattern = FileSystems.getDefault().getPathMatcher("glob:" + name(path).replaceAll("[\\[\\]{}\\\\]", "\\\\$0"));
        return !name.startsWith("_") && !name.startsWith(".") && pattern.matches(Path.of(name));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
