import "../design/tokens.css";
import "./embed.js";
