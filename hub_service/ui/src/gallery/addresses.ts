/** Where the page thinks it is. */
export const BASE = "/services/sessions/";
export const API = `${BASE}api/v1/`;
