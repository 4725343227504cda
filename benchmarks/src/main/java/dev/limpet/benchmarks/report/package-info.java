/**
 * Turns measurements into a document. {@link dev.limpet.benchmarks.report.Report} reads the JSON of
 * JMH and of the other measuring programs, and writes {@code performance.md} with its plots. {@link
 * dev.limpet.benchmarks.report.MemoryReport} and {@link
 * dev.limpet.benchmarks.report.OverflowReport} measure other quantities than time.
 */
@NullMarked
package dev.limpet.benchmarks.report;

import org.jspecify.annotations.NullMarked;
