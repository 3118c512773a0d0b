import "./design/tokens.css";
import "./views/app/app.js";
