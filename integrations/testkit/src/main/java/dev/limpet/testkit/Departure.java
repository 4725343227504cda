package dev.limpet.testkit;

import java.io.IOException;

/** The way in which a client gives up. */
enum Departure {
  /** The client closes its connection, as a browser does when its user leaves the page. */
  FIN {
    @Override
    void of(RawConnection connection) throws IOException {
      connection.leave();
    }
  },
  /** The client's system resets the connection, as it may when the process is killed. */
  RST {
    @Override
    void of(RawConnection connection) throws IOException {
      connection.reset();
    }
  };

  abstract void of(RawConnection connection) throws IOException;
}
