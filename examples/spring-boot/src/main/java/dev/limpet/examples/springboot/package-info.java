/** A Spring Boot application that is a gateway with sticky sessions. */
@NullMarked
package dev.limpet.examples.springboot;

import org.jspecify.annotations.NullMarked;
