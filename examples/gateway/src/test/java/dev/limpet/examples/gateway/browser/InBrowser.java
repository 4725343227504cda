package dev.limpet.examples.gateway.browser;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that need Chromium. They are skipped, and counted, unless the build asks for them. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("slow")
@Tag("browser")
@Timeout(300)
@ExtendWith(BrowserCondition.class)
@interface InBrowser {}
