import "./design/tokens.css";
import "./views/app.js";
