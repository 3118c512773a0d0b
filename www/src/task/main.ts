import "../design/tokens.css";
import "./task.js";
