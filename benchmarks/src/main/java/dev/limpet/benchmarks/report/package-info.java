/**
 * Turns measurements into a document. {@link dev.limpet.benchmarks.report.Report} reads what JMH
 * and the other measuring programs wrote as JSON, and writes {@code performance.md} with its plots.
 * {@link dev.limpet.benchmarks.report.MemoryReport} and {@link
 * dev.limpet.benchmarks.report.OverflowReport} measure what is no matter of time.
 */
@NullMarked
package dev.limpet.benchmarks.report;

import org.jspecify.annotations.NullMarked;
