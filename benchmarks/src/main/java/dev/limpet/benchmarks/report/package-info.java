/**
 * What measurements become. {@link dev.limpet.benchmarks.report.Report} writes {@code
 * performance.md} from the JSON of JMH and the tables of the other measuring programs. {@link
 * dev.limpet.benchmarks.report.Check} compares ratios with those that are promised. {@link
 * dev.limpet.benchmarks.report.MemoryReport} and {@link
 * dev.limpet.benchmarks.report.OverflowReport} measure other quantities than time.
 */
@NullMarked
package dev.limpet.benchmarks.report;

import org.jspecify.annotations.NullMarked;
