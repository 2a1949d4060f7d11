/** A look-alike of Slack's own layout, for screenshots. */
export const PREVIEW_STYLE = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1d1c1d;font:15px/22px Lato,"Helvetica Neue",Arial,sans-serif}
.channel{padding:14px 20px;border-bottom:1px solid #dddddd;font-weight:900;font-size:18px}
.channel small{display:block;font-weight:400;font-size:13px;line-height:18px;color:#616061}
.message{display:flex;gap:8px;padding:10px 20px}
.message.reply{margin-left:44px;border-left:3px solid #e8e8e8}
.avatar{flex:none;width:36px;height:36px;border-radius:8px;background:#17653a;color:#fff;font-weight:900;text-align:center;line-height:36px}
.content{min-width:0;max-width:760px;flex:1}
.from{font-weight:900}
.app{display:inline-block;margin:0 6px;padding:0 3px;border-radius:2px;background:#e8e8e8;color:#616061;font-weight:700;font-size:10px;line-height:14px;vertical-align:2px}
.time{color:#616061;font-size:12px}
h2{margin:4px 0 8px;font-size:18px;line-height:24px;font-weight:900;overflow-wrap:anywhere}
.rich{margin:0 0 8px}
.section{overflow-wrap:anywhere}
.context{color:#616061;font-size:13px;line-height:18px;overflow-wrap:anywhere}
ul{margin:0;padding-left:26px}
code{padding:2px 3px 1px;border:1px solid rgba(29,28,29,.13);border-radius:3px;background:rgba(29,28,29,.04);color:#c01343;font:12px/18px Monaco,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
pre{margin:4px 0;padding:8px;border:1px solid rgba(29,28,29,.13);border-radius:4px;background:rgba(29,28,29,.04);font:12px/18px Monaco,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;overflow-wrap:anywhere}
a{color:#1264a3;text-decoration:none}
hr{border:0;border-top:1px solid #dddddd}
`;
