package io.github.aepdataflows.platform;

import io.github.aepdataflows.settings.OwnComponent;
import org.apache.camel.Component;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;

/** The component {@code aep-http}: Camel's own for HTTP, with our client. It neither repeats a call nor goes elsewhere by itself. */
public final class PlatformComponent extends OwnComponent {

    private final HttpClientConfigurer client;
    private final HeaderFilter headers;

    public PlatformComponent(HttpClientConfigurer client, HeaderFilter headers) {
        this.client = client;
        this.headers = headers;
    }

    @Override
    protected Component make() {
        HttpComponent http = new HttpComponent();
        http.setHttpClientConfigurer(client);
        http.setHeaderFilterStrategy(headers);
        http.setCookieManagementDisabled(true);
        http.setAutomaticRetriesDisabled(true);
        http.setRedirectHandlingDisabled(true);
        http.setSkipControlHeaders(true);
        return http;
    }
}
