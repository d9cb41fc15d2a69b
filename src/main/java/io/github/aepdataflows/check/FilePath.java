package io.github.aepdataflows.check;

import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.nio.file.Path;

/** What the path of a source of files means: one file, the files of a folder, or those whose names match a pattern. */
record FilePath(String path) {

    /** Whether it is a folder, or has wildcards. */
    boolean isPattern() {
        return path.contains("*") || path.contains("?") || !name().contains(".");
    }

    /** The folder that it is, or that its files are in. */
    String folder() {
        if (!path.contains("*") && !path.contains("?")) {
            return isPattern() ? path : parent(path);
        }
        int wildcard = Math.min(indexOf('*'), indexOf('?'));
        return parent(path.substring(0, wildcard));
    }

    private int indexOf(char wildcard) {
        int index = path.indexOf(wildcard);
        return index < 0 ? path.length() : index;
    }

    private String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String parent(String path) {
        return path.lastIndexOf('/') > 0 ? path.substring(0, path.lastIndexOf('/')) : "/";
    }

    /** Whether a file of its folder is meant. */
    boolean means(String file) {
        if (!path.contains("*") && !path.contains("?")) {
            return isPattern() || file.equals(path);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + name().replaceAll("[\\[\\]{}\\\\]", "\\\\$0"));
        return matcher.matches(Path.of(file.substring(file.lastIndexOf('/') + 1)));
    }
}
