/** Limpet in a program of your own. */
package dev.limpet.examples.embedding;
