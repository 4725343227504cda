import "./lib/part.mjs";
