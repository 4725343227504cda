package dev.limpet.testkit;

/** A feature that some frameworks lack, so that a {@link StickyStory} may skip its tests. */
public enum StoryFeature {
  /** Passes WebSockets. */
  WEB_SOCKET,
  /** Connects a WebSocket to another backend if that of its session cannot be reached. */
  WEB_SOCKET_FAILOVER,
  /** Notices at once, and not only when the backend answers, that a client of HTTP/1.1 left. */
  CLIENT_GONE_BEFORE_RESPONSE,
  /** Ends a connect that is neither accepted nor refused after some time. */
  CONNECT_TIMEOUT
}
