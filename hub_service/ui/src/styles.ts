/** Every style sheet, packed into one file, which each visit after the first has from its cache. */
import "./style.css";
import "./create/create.css";
import "./details/details.css";
import "./drives/drives.css";
import "./logs/logs.css";
import "./notices/notices.css";
import "./status/status.css";
import "./yaml/yaml.css";
