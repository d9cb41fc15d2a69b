package io.github.aepdataflows.provision;

import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.platform.PlatformClient;
import org.apache.camel.util.InetAddressUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This instance among those that share its ledger: each has an equal part of {@code aep.rate}. */
public final class Instances {

    private static final Logger LOG = LoggerFactory.getLogger("aep");

    private final Ledger ledger;
    private final PlatformClient client;
    private int count = 1;

    public Instances(Ledger ledger, PlatformClient client) {
        this.ledger = ledger;
        this.client = client;
    }

    /** Says that it is there. While the ledger cannot be reached, it keeps the part that it had: nothing is created then. */
    public synchronized void beat() {
        try {
            int now = ledger.beat(InetAddressUtil.getLocalHostNameSafe());
            if (now != count) {
                count = now;
                client.share(count);
                LOG.info("instances that share the ledger: {}, each may send 1/{} of aep.rate", count, count);
            }
        } catch (LedgerException e) {
            LOG.debug("this instance could not say that it is there: {}", e.getMessage());
        }
    }
}
