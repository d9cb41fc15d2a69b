package io.github.aepdataflows.audit;

import io.github.aepdataflows.settings.OwnComponent;
import org.apache.camel.Component;
import org.apache.camel.component.quartz.QuartzComponent;

/** The component {@code aep-quartz}: Camel's own for Quartz, with a scheduler of ours that has one thread. */
public final class AuditScheduler extends OwnComponent {

    @Override
    protected Component make() {
        QuartzComponent quartz = new QuartzComponent();
        quartz.setPropertiesFile("classpath:io/github/aepdataflows/audit/quartz.properties");
        quartz.setEnableJmx(false);
        return quartz;
    }
}
