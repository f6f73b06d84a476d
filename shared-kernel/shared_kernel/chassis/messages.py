"""What refusals and violations say, in both languages; each context adds the rules of its own."""

from collections.abc import Mapping

from shared_kernel.chassis.settings import Locale
from shared_kernel.chassis.typesetting import PangoMissing

Sentence = Mapping[Locale, str]
Messages = Mapping[str, Sentence]

TITLES: Mapping[int, Sentence] = {
    400: {"en": "Bad request", "es": "Petición incorrecta"},
    401: {"en": "Sign in, please", "es": "Es necesario entrar"},
    403: {"en": "Not permitted", "es": "No permitido"},
    404: {"en": "Not found", "es": "No encontrado"},
    405: {"en": "Method not allowed", "es": "Método no permitido"},
    408: {"en": "Too slow", "es": "Demasiado lento"},
    409: {"en": "A rule is in the way", "es": "Una regla lo impide"},
    412: {"en": "Changed meanwhile", "es": "Modificado entretanto"},
    413: {"en": "Too large", "es": "Demasiado grande"},
    415: {"en": "Unsupported media type", "es": "Tipo de contenido no admitido"},
    422: {"en": "Please check the fields", "es": "Revise los campos"},
    428: {"en": "Version required", "es": "Falta la versión"},
    429: {"en": "Too fast", "es": "Demasiadas peticiones"},
    431: {"en": "Headers too large", "es": "Cabeceras demasiado grandes"},
    500: {"en": "Something went wrong", "es": "Algo ha fallado"},
    503: {"en": "Not available now", "es": "No disponible ahora"},
}

PROBLEMS: Messages = {
    "bad-request": {"en": "The request cannot be read.", "es": "La petición no se puede leer."},
    "not-authenticated": {
        "en": "Your session has ended or none was begun.",
        "es": "La sesión ha terminado o no se ha iniciado.",
    },
    "not-allowed": {"en": "Your role does not permit this.", "es": "Su rol no lo permite."},
    "not-found": {"en": "It does not exist.", "es": "No existe."},
    "method-not-allowed": {
        "en": "This cannot be done with it.",
        "es": "Esta operación no existe para este recurso.",
    },
    "stale": {
        "en": "Somebody changed it after you opened it. Reload it and try again.",
        "es": "Alguien lo ha modificado después de que lo abriera. Vuelva a cargarlo e inténtelo de nuevo.",
    },
    "version-required": {
        "en": "Send the version you read in If-Match.",
        "es": "Envíe en If-Match la versión que ha leído.",
    },
    "too-large": {"en": "At most 1 MB can be sent.", "es": "Se puede enviar 1 MB como máximo."},
    "unsupported-media-type": {"en": "Send JSON.", "es": "Envíe JSON."},
    "invalid": {"en": "Some fields are not right.", "es": "Algunos campos no son correctos."},
    "idempotency-key-reused": {
        "en": "This Idempotency-Key was used for another request.",
        "es": "Esta Idempotency-Key ya se usó para otra petición.",
    },
    "busy": {
        "en": "The clinic's data cannot be reached right now. Try again in a moment.",
        "es": "Los datos de la clínica no están accesibles ahora. Inténtelo de nuevo en un momento.",
    },
    "printing-unavailable": {
        "en": "The PDF cannot be made right now. Try again in a moment.",
        "es": "El PDF no se puede generar ahora. Inténtelo de nuevo en un momento.",
    },
    "pango-missing": {
        "en": f"The server lacks the library Pango, which sets PDFs: {PangoMissing.INSTALL}",
        "es": f"Al servidor le falta la biblioteca Pango, que compone los PDF: {PangoMissing.INSTALL}",
    },
    "internal-error": {
        "en": "It was not your fault. Nothing was saved.",
        "es": "No ha sido culpa suya. No se ha guardado nada.",
    },
}

VIOLATIONS: Messages = {
    "required": {"en": "This field is required.", "es": "Este campo es obligatorio."},
    "too-long": {"en": "At most {max} characters.", "es": "Como máximo {max} caracteres."},
    "too-short": {"en": "At least {min} characters.", "es": "Como mínimo {min} caracteres."},
    "too-many": {"en": "At most {max}.", "es": "Como máximo {max}."},
    "too-few": {"en": "At least {min}.", "es": "Como mínimo {min}."},
    "too-small": {"en": "Must be at least {min}.", "es": "Debe ser {min} como mínimo."},
    "not-above": {"en": "Must be more than {min}.", "es": "Debe ser mayor que {min}."},
    "too-big": {"en": "Must be at most {max}.", "es": "Debe ser {max} como máximo."},
    "too-precise": {"en": "At most {places} decimals.", "es": "Como máximo {places} decimales."},
    "too-many-digits": {
        "en": "Too big: at most {digits} digits.",
        "es": "Demasiado grande: como máximo {digits} cifras.",
    },
    "unknown-field": {"en": "This field is not known.", "es": "Este campo no se conoce."},
    "not-text": {"en": "Must be text.", "es": "Debe ser un texto."},
    "not-a-number": {"en": "Must be a number.", "es": "Debe ser un número."},
    "not-a-boolean": {"en": "Must be true or false.", "es": "Debe ser verdadero o falso."},
    "not-a-date": {
        "en": "Must be a date that exists, like 2026-03-29.",
        "es": "Debe ser una fecha que exista, como 2026-03-29.",
    },
    "not-a-datetime": {
        "en": "Must be a date and time that exist, like 2026-03-29T10:00.",
        "es": "Debe ser una fecha y hora que existan, como 2026-03-29T10:00.",
    },
    "not-an-id": {"en": "Must be an identifier.", "es": "Debe ser un identificador."},
    "not-a-choice": {"en": "Must be one of: {expected}.", "es": "Debe ser uno de: {expected}."},
    "not-a-list": {"en": "Must be a list.", "es": "Debe ser una lista."},
    "not-an-object": {"en": "Must be an object.", "es": "Debe ser un objeto."},
    "not-an-email": {"en": "Must be an e-mail address.", "es": "Debe ser un correo electrónico."},
    "control-character": {
        "en": "Contains characters that cannot be shown.",
        "es": "Contiene caracteres que no se pueden mostrar.",
    },
    "not-json": {"en": "This is not JSON that can be read.", "es": "Esto no es un JSON que se pueda leer."},
    "wall-time-skipped": {
        "en": "This time does not exist: the clock is put forward then.",
        "es": "Esta hora no existe: el reloj se adelanta en ese momento.",
    },
    "in-the-future": {"en": "Cannot be in the future.", "es": "No puede ser futura."},
    "unknown": {"en": "There is no such one.", "es": "No existe."},
    "invalid": {"en": "This is not right.", "es": "Esto no es correcto."},
}
