package dev.limpet.jfr;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What a recording has of the events that it enables. */
final class Recorded {
  private Recorded() {}

  static List<RecordedEvent> during(Runnable action, String... events) throws IOException {
    Path file = Files.createTempFile("limpet", ".jfr");
    try (Recording recording = new Recording()) {
      Arrays.stream(events).forEach(recording::enable);
      recording.start();
      action.run();
      recording.stop();
      recording.dump(file);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().startsWith("dev.limpet."))
          .sorted(Comparator.comparing(RecordedEvent::getEndTime))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Files.delete(file);
    }
  }
}
